import type { assetOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { ClassService } from './classes.ts'
import type { AssetFiles } from './file.ts'
import type { AssetService } from './service.ts'

type Mine =
  | 'listAssets'
  | 'createAsset'
  | 'getAsset'
  | 'updateAsset'
  | 'deleteAsset'
  | 'exportAssets'
  | 'importAssets'
  | 'listClasses'
  | 'createClass'
  | 'getClass'
  | 'updateClass'
  | 'deleteClass'

export const assetHandlers = (
  assets: AssetService,
  classes: ClassService,
  files: AssetFiles,
): Handlers<Pick<typeof assetOperations, Mine>> => ({
  listAssets: ({ actor, query }) => assets.list(actor, query),
  createAsset: ({ actor, body }) => assets.create(actor, body),
  getAsset: ({ actor, params }) => assets.get(actor, params.id),
  updateAsset: ({ actor, params, body, ifMatch }) => assets.update(actor, params.id, body, ifMatch),
  deleteAsset: ({ actor, params }) => assets.remove(actor, params.id),
  exportAssets: ({ actor }) => files.write(actor),
  importAssets: ({ actor, body }) => files.read(actor, body),
  listClasses: ({ actor, query }) => classes.list(actor, query),
  createClass: ({ actor, body }) => classes.create(actor, body),
  getClass: ({ actor, params }) => classes.get(actor, params.id),
  updateClass: ({ actor, params, body, ifMatch }) => classes.update(actor, params.id, body, ifMatch),
  deleteClass: ({ actor, params }) => classes.remove(actor, params.id),
})
