import type { deviceOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { EnrolmentService } from './enrolment.ts'
import type { CertificateList } from './list.ts'

/** Devices' credentials; the devices themselves are connectivity's. */
export const enrolmentHandlers = (
  enrolment: EnrolmentService,
  certificates: CertificateList,
): Handlers<
  Pick<
    typeof deviceOperations,
    | 'createEnrolmentToken'
    | 'enrol'
    | 'renewCertificate'
    | 'listCertificates'
    | 'listAllCertificates'
    | 'revokeCertificate'
    | 'createDeviceToken'
    | 'revokeDeviceToken'
  >
> => ({
  createEnrolmentToken: ({ actor, params, body }) => enrolment.createToken(actor, params.id, body.validFor),
  listAllCertificates: ({ actor, query }) => certificates.list(actor, query),
  enrol: ({ body, address }) => enrolment.enrol({ ...body, address }),
  renewCertificate: ({ actor, body }) => enrolment.renew(actor, body.csr),
  listCertificates: async ({ actor, params }) => ({ items: await enrolment.certificates(actor, params.id) }),
  revokeCertificate: ({ actor, params, body }) => enrolment.revoke(actor, params.id, params.serial, body.reason),
  createDeviceToken: ({ actor, params }) => enrolment.createDeviceToken(actor, params.id),
  revokeDeviceToken: async ({ actor, params }) => {
    await enrolment.revokeDeviceToken(actor, params.id)
    return undefined
  },
})
