import { userErrors } from './errors.ts'

/** One spelling for one address: what people type differs in case and in stray spaces. */
export function normalEmail(given: string): string {
  return given.normalize('NFC').trim().toLowerCase()
}

/** For a new account; throws MW-USER-0006 when it cannot be an address. */
export function newEmail(given: string): string {
  const email = normalEmail(given)
  if (email.length > 254 || !/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email)) {
    throw userErrors.badEmail({ email: given, path: 'email' })
  }
  return email
}
