import { errorCatalogue } from '@millwright/foundation'

export const authorityErrors = errorCatalogue('PKI', {
  passphraseNeeded: {
    number: 1,
    status: 500,
    text: 'The keys in {directory} are sealed with a passphrase. Start with the passphrase they were sealed with.',
  },
  passphraseWrong: {
    number: 2,
    status: 500,
    text: 'The passphrase does not open the keys in {directory}. Start with the one they were sealed with.',
  },
  sealDamaged: {
    number: 3,
    status: 500,
    text: 'The file {file} is damaged or was changed. Nothing was changed; restore a backup into a new data directory.',
  },
  fileMissing: {
    number: 4,
    status: 500,
    text: 'The file {file} is missing, though what belongs to it is there. Nothing was changed; restore a backup into a new data directory.',
  },
  badCsr: {
    number: 5,
    status: 422,
    text: 'The certificate request is not a PKCS #10 request in PEM: {why}.',
  },
  csrSignature: {
    number: 6,
    status: 422,
    text: 'The certificate request is not signed with its own key. Make it again with the key it is for.',
  },
  weakKey: {
    number: 7,
    status: 422,
    text: 'The key {key} is not accepted. Use EC P-256 or P-384, Ed25519, or RSA of 2048 to 4096 bits.',
  },
  newer: {
    number: 8,
    status: 500,
    text: 'The keys in {directory} were written by a newer version of Millwright. Start that version.',
  },
})
