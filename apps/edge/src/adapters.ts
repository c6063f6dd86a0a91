import type { ConnectionAdapter } from '@millwright/connectivity'

/** The protocols an agent can speak. Each is loaded when a connection or a probe asks for it: the others cost nothing. */
const LOADERS: Readonly<Record<string, (fileRoots: readonly string[]) => Promise<ConnectionAdapter>>> = {
  can: async (roots) =>
    (await import('@millwright/connectivity-can')).createCanAdapter({ roots, candump: 'candump', cansend: 'cansend' }),
  files: async (roots) => (await import('@millwright/connectivity-files')).createFilesAdapter(roots),
  influx: async () => (await import('@millwright/connectivity-influx')).influxAdapter,
  lines: async () => (await import('@millwright/connectivity-lines')).linesAdapter,
  mdf: async (roots) => (await import('@millwright/connectivity-mdf')).createMdfAdapter(roots),
  modbus: async () => (await import('@millwright/connectivity-modbus')).modbusAdapter,
  'mqtt-source': async () => (await import('@millwright/connectivity-brokers')).mqttSourceAdapter,
  opcua: async () => (await import('@millwright/connectivity-opcua')).opcuaAdapter,
  prometheus: async () => (await import('@millwright/connectivity-prometheus')).prometheusAdapter,
  scpi: async () => (await import('@millwright/connectivity-scpi')).scpiAdapter,
  'sparkplug-host': async () => (await import('@millwright/connectivity-sparkplug')).sparkplugHostAdapter,
}

/** Ids of the protocols an agent can speak. */
export const edgeAdapters: readonly string[] = Object.keys(LOADERS)

/** Adapters by id, as far as they are loaded. */
export class AdapterShelf extends Map<string, ConnectionAdapter> {
  readonly #fileRoots: readonly string[]

  /** @param fileRoots folders of this machine that connections may read */
  constructor(fileRoots: readonly string[] = []) {
    super()
    this.#fileRoots = fileRoots
  }

  /** Loads one; nothing when there is none of this id, or it cannot run at an agent: then it is not on the shelf. */
  async load(id: string): Promise<void> {
    if (this.has(id)) return
    const adapter = await LOADERS[id]?.(this.#fileRoots)
    if (adapter?.manifest.runsOn.includes('edge')) this.set(id, adapter)
  }
}
