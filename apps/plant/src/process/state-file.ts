import { open, readFile, rename } from 'node:fs/promises'
import type { PlantState } from '../plant.ts'

interface Kept {
  readonly format: 1
  readonly seed: number
  readonly plant: PlantState
}

/** The plant as it was left, when it was the plant of this seed. Errors: throws a sentence when the file is damaged. */
export async function readState(path: string, seed: number): Promise<PlantState | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const kept = JSON.parse(text) as Kept
  if (kept.format !== 1) throw new Error(`${path} is of a newer version`)
  return kept.seed === seed ? kept.plant : undefined
}

/** Whole or not at all. */
export async function writeState(path: string, seed: number, plant: PlantState): Promise<void> {
  const kept: Kept = { format: 1, seed, plant }
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(kept))
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
