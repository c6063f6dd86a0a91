import { decodingFields } from '@millwright/connectivity-can'
import { folderFields } from '@millwright/connectivity-files'
import { Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'

const { reading: _whole, ...folder } = folderFields('*.mf4')

export const mdfConfig = Strict({
  ...folder,
  zone: Type.String({
    title: 'Time zone',
    description: 'Of files that give their start in a local time',
    default: 'UTC',
    minLength: 1,
    maxLength: 60,
  }),
  ...decodingFields,
})
export type MdfConfig = Static<typeof mdfConfig>
