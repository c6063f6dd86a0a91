import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real files of the field, kept beside the repository; tests that need them are counted skips elsewhere. */
export const INDUSTRIAL = fileURLToPath(new URL('../../../../shared/data/industrial_files', import.meta.url))
export const skip = existsSync(INDUSTRIAL) ? false : 'shared/data/industrial_files is not beside the repository'
