import type { assetOperations } from '@millwright/contracts'
import type { Bus, Clock } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { AuditLog, Handlers } from '@millwright/trust'
import { SignalCatalogue } from '../signals/catalogue.ts'
import { Directory } from '../signals/directory.ts'
import { signalHandlers } from '../signals/handlers.ts'
import { SignalService } from '../signals/service.ts'
import { ClassService } from './classes.ts'
import { AssetFiles } from './file.ts'
import { assetHandlers } from './handlers.ts'
import { AssetService } from './service.ts'
import { AssetTree } from './tree.ts'

export interface AssetsOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly audit: AuditLog
}

/** The plant's structure: the asset tree, its classes, and the signals that hang on it. */
export interface Assets {
  readonly tree: AssetTree
  readonly assets: AssetService
  readonly classes: ClassService
  readonly signals: SignalService
  readonly catalogue: SignalCatalogue
  readonly directory: Directory
  readonly handlers: Handlers<typeof assetOperations>
  /** Reads trees and signals into memory, and follows changes of devices. */
  start(): Promise<void>
}

export function createAssets(options: AssetsOptions): Assets {
  const tree = new AssetTree()
  const catalogue = new SignalCatalogue(tree)
  const assets = new AssetService({ ...options, tree })
  const classes = new ClassService({ ...options, tree })
  const signals = new SignalService({ ...options, tree, assets, catalogue })
  const directory = new Directory({ ...options, tree, catalogue })
  const files = new AssetFiles({ ...options, assets, classes })
  return {
    tree,
    assets,
    classes,
    signals,
    catalogue,
    directory,
    handlers: { ...assetHandlers(assets, classes, files), ...signalHandlers(signals) },
    async start() {
      await assets.start()
      await catalogue.start(options.database)
      options.bus.subscribe('millwright.signal.changed', () => directory.forgetAll())
      options.bus.subscribe('millwright.asset.*', () => directory.forgetAll())
      options.bus.subscribe('millwright.device.*', async (event) => {
        if (event.type !== 'millwright.device.changed' && event.type !== 'millwright.device.removed') return
        directory.forget(event.subject)
        const { equipment } = event.data as { equipment?: string | null }
        if (typeof equipment === 'string') await signals.adopt(event.tenant, event.subject, equipment)
      })
    },
  }
}
