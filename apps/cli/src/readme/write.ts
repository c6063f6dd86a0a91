import { readFile, writeFile } from 'node:fs/promises'
import { withTable } from './table.ts'

/** Brings the README's command table up to date. */
const path = new URL('../../README.md', import.meta.url)
await writeFile(path, withTable(await readFile(path, 'utf8')))
