import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real files of the field, kept beside the repository; tests that need them are counted skips elsewhere. */
export const MF4 = fileURLToPath(new URL('../../../../shared/data/industrial_files/mf4', import.meta.url))
export const skip = existsSync(MF4) ? false : 'shared/data/industrial_files is not beside the repository'
