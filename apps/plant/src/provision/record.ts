import { readFile, rename, writeFile } from 'node:fs/promises'

export type Kind = 'classes' | 'nodes' | 'devices' | 'rules' | 'agents' | 'connections' | 'services' | 'published'

interface Kept {
  /** SHA-256 of the platform's authority: another platform is another plant. */
  readonly platform: string
  readonly made: Record<Kind, Record<string, string>>
}

/**
 * What this plant has set up on its platform, by id. A thing that stands here is never made again, so that what people
 * renamed, moved or deleted stays as they left it.
 */
export class ProvisionRecord {
  readonly #path: string
  readonly #kept: Kept
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, kept: Kept) {
    this.#path = path
    this.#kept = kept
  }

  static async open(path: string, platform: string): Promise<ProvisionRecord> {
    const made = {
      classes: {},
      nodes: {},
      devices: {},
      rules: {},
      agents: {},
      connections: {},
      services: {},
      published: {},
    }
    const empty: Kept = { platform, made }
    try {
      const kept = JSON.parse(await readFile(path, 'utf8')) as Kept
      if (kept.platform !== platform) return new ProvisionRecord(path, empty)
      // A record of an older plant knows fewer kinds.
      return new ProvisionRecord(path, { platform, made: { ...made, ...kept.made } })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error
      return new ProvisionRecord(path, empty)
    }
  }

  id(kind: Kind, key: string): string | undefined {
    return this.#kept.made[kind][key]
  }

  /** Several parts of the plant set themselves up side by side: one write after the other. */
  keep(kind: Kind, key: string, id: string): Promise<void> {
    this.#kept.made[kind][key] = id
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    await writeFile(`${this.#path}.new`, JSON.stringify(this.#kept, undefined, 2), { mode: 0o600 })
    await rename(`${this.#path}.new`, this.#path)
  }
}
