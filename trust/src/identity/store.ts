import type { Certificate } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import type { RevokedCertificate } from '../authority/revocation-list.ts'

interface Row {
  readonly serial: string
  readonly device: string
  readonly subject: string
  readonly fingerprint: string
  readonly not_before: number
  readonly not_after: number
  readonly revoked_at: number | null
  readonly revocation_reason: string | null
}

const COLUMNS = 'serial, device, subject, fingerprint, not_before, not_after, revoked_at, revocation_reason'

const toCertificate = (row: Row): Certificate => ({
  serial: row.serial,
  device: row.device,
  subject: row.subject,
  fingerprint: row.fingerprint,
  notBefore: row.not_before,
  notAfter: row.not_after,
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  ...(row.revocation_reason === null ? {} : { revocationReason: row.revocation_reason }),
})

/** @param issuer subject of the issuing certificate; undefined: not known */
export async function insertCertificate(
  sql: Sql,
  tenant: string,
  certificate: Certificate,
  issuer: string | undefined,
): Promise<void> {
  const { serial, device, subject, fingerprint, notBefore, notAfter } = certificate
  await sql.query(
    `insert into certificates (serial, tenant, device, subject, fingerprint, not_before, not_after, issuer)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (serial) do nothing`,
    [serial, tenant, device, subject, fingerprint, notBefore, notAfter, issuer ?? null],
  )
}

/** Whether any was ever issued. */
export async function anyCertificate(sql: Sql): Promise<boolean> {
  return (await sql.query('select 1 from certificates limit 1')).length > 0
}

/** Newest first. */
export async function listCertificates(sql: Sql, tenant: string, device: string): Promise<Certificate[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from certificates where tenant = $1 and device = $2 order by not_after desc, serial limit 1000`,
    [tenant, device],
  )
  return rows.map(toCertificate)
}

/** Certificates of a device that hold now, the one to end last first. */
export async function listInForce(sql: Sql, tenant: string, device: string, now: number): Promise<string[]> {
  const rows = await sql.query<{ serial: string }>(
    `select serial from certificates where tenant = $1 and device = $2 and revoked_at is null and not_after > $3
      order by not_after desc, serial`,
    [tenant, device, now],
  )
  return rows.map((row) => row.serial)
}

export async function findCertificate(
  sql: Sql,
  tenant: string,
  device: string,
  serial: string,
): Promise<Certificate | undefined> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from certificates where tenant = $1 and device = $2 and serial = $3`,
    [tenant, device, serial],
  )
  return row === undefined ? undefined : toCertificate(row)
}

/** @returns undefined when it is revoked already */
export async function markRevoked(
  sql: Sql,
  tenant: string,
  serial: string,
  now: number,
  reason: string,
): Promise<Certificate | undefined> {
  const [row] = await sql.query<Row>(
    `update certificates set revoked_at = $3, revocation_reason = $4
      where tenant = $1 and serial = $2 and revoked_at is null returning ${COLUMNS}`,
    [tenant, serial, now, reason],
  )
  return row === undefined ? undefined : toCertificate(row)
}

/** Of all tenants: what must not get in although it has not run out. */
export async function listRevoked(sql: Sql, now: number): Promise<RevokedCertificate[]> {
  const rows = await sql.query<{ serial: string; revoked_at: number; issuer: string | null }>(
    `select serial, revoked_at, issuer from certificates where revoked_at is not null and not_after > $1
      order by revoked_at`,
    [now],
  )
  return rows.map((row) => ({ serial: row.serial, revokedAt: row.revoked_at, issuer: row.issuer ?? undefined }))
}

/** Of all tenants: serials of certificates that have not run out, revoked or not. */
export async function listSerials(sql: Sql, now: number): Promise<string[]> {
  const rows = await sql.query<{ serial: string }>('select serial from certificates where not_after > $1', [now])
  return rows.map(({ serial }) => serial)
}

export interface CertificateFilter {
  readonly state?: 'in-force' | 'expired' | 'revoked'
  /** µs; those that end before. */
  readonly expiresBefore?: number
}

/** By their end; after the position of the last row seen. */
export async function pageOfCertificates(
  sql: Sql,
  tenant: string,
  { state, expiresBefore }: CertificateFilter,
  now: number,
  after: readonly [notAfter: number, serial: string],
  limit: number,
): Promise<Certificate[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from certificates where tenant = $1 and (not_after, serial) > ($2, $3)
        and ($4::bigint is null or not_after < $4)
        and ($5::text is null or $5 = case when revoked_at is not null then 'revoked'
          when not_after <= $6 then 'expired' else 'in-force' end)
      order by not_after, serial limit $7`,
    [tenant, ...after, expiresBefore ?? null, state ?? null, now, limit],
  )
  return rows.map(toCertificate)
}

/** A new token makes an older one of the device void. */
export async function replaceEnrolmentToken(
  sql: Sql,
  tenant: string,
  token: { hash: string; device: string; createdAt: number; expiresAt: number },
): Promise<void> {
  await dropEnrolmentTokens(sql, tenant, token.device)
  await sql.query(
    'insert into enrolment_tokens (hash, tenant, device, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [token.hash, tenant, token.device, token.createdAt, token.expiresAt],
  )
}

export async function dropEnrolmentTokens(sql: Sql, tenant: string, device: string): Promise<void> {
  await sql.query('delete from enrolment_tokens where tenant = $1 and device = $2', [tenant, device])
}

/** Looks without taking: whose token it is, as long as it holds. */
export async function peekEnrolmentToken(
  sql: Sql,
  hash: string,
  now: number,
): Promise<{ tenant: string; device: string } | undefined> {
  const [row] = await sql.query<{ tenant: string; device: string }>(
    'select tenant, device from enrolment_tokens where hash = $1 and expires_at > $2',
    [hash, now],
  )
  return row
}

/** Takes a token away; of two who come with it at once, one gets it. */
export async function consumeEnrolmentToken(sql: Sql, hash: string, now: number): Promise<boolean> {
  const rows = await sql.query('delete from enrolment_tokens where hash = $1 and expires_at > $2 returning device', [
    hash,
    now,
  ])
  return rows.length > 0
}

/** @returns true when there was one before */
export async function putDeviceToken(
  sql: Sql,
  tenant: string,
  token: { device: string; hash: string; createdAt: number },
): Promise<boolean> {
  const before = await sql.query('select 1 from device_tokens where tenant = $1 and device = $2', [
    tenant,
    token.device,
  ])
  await sql.query(
    `insert into device_tokens (device, tenant, hash, created_at) values ($1, $2, $3, $4)
      on conflict (device) do update set hash = excluded.hash, created_at = excluded.created_at`,
    [token.device, tenant, token.hash, token.createdAt],
  )
  return before.length > 0
}

/** @returns false when there was none */
export async function dropDeviceToken(sql: Sql, tenant: string, device: string): Promise<boolean> {
  const rows = await sql.query('delete from device_tokens where tenant = $1 and device = $2 returning device', [
    tenant,
    device,
  ])
  return rows.length > 0
}

export async function findDeviceToken(sql: Sql, hash: string): Promise<{ device: string; tenant: string } | undefined> {
  const [row] = await sql.query<{ device: string; tenant: string }>(
    'select device, tenant from device_tokens where hash = $1',
    [hash],
  )
  return row
}

export async function deleteExpiredTokens(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from enrolment_tokens where expires_at <= $1', [now])
}
