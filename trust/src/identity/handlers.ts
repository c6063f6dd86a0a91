import type { deviceOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { EnrolmentService } from './enrolment.ts'

/** Devices' credentials; the devices themselves are connectivity's. */
export const enrolmentHandlers = (
  enrolment: EnrolmentService,
): Handlers<
  Pick<
    typeof deviceOperations,
    | 'createEnrolmentToken'
    | 'enrol'
    | 'renewCertificate'
    | 'listCertificates'
    | 'revokeCertificate'
    | 'createDeviceToken'
    | 'revokeDeviceToken'
  >
> => ({
  createEnrolmentToken: ({ actor, params, body }) => enrolment.createToken(actor, params.id, body.validFor),
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
