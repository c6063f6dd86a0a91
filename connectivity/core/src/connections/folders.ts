import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where connections of the platform keep what they must: a folder for each, and one identity for each tenant. */
export class ConnectionFolders {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  async of(connection: string): Promise<string> {
    return made(this.#path(connection))
  }

  async remove(connection: string): Promise<void> {
    await rm(this.#path(connection), { recursive: true, force: true })
  }

  /** Tenants do not share what they show to peers. */
  async identity(tenant: string): Promise<string> {
    return made(join(this.#root, 'identity', tenant))
  }

  #path(connection: string): string {
    return join(this.#root, connection)
  }
}

async function made(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  return path
}
