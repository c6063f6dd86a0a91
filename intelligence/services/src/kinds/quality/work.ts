import type { KindWork } from '../kind.ts'
import { scorer } from './scorer.ts'
import { train } from './train.ts'

export const qualityWork: KindWork = { train, scorer }
