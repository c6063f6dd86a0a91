import { Choice } from '@millwright/contracts'
import { Type } from 'typebox'

/** The fields of a folder's configuration. @param pattern of the names that are meant, as `*.csv` */
export const folderFields = (pattern: string) => ({
  folder: Type.String({
    title: 'Folder',
    description: 'Absolute path, at or below a folder that this machine opens to connections (--file-roots)',
    minLength: 1,
    maxLength: 1000,
    pattern: '^[^\\u0000]+$',
  }),
  pattern: Type.String({
    title: 'File names',
    description: '* is any text, ? one character; {device} stands for the device’s name: press-{device}_*.csv',
    default: pattern,
    minLength: 1,
    maxLength: 200,
  }),
  subfolders: Type.Boolean({ title: 'Subfolders too', description: 'Down to five levels', default: false }),
  reading: Type.Unsafe<'whole' | 'growing'>({
    ...Choice(['whole', 'growing']),
    title: 'Files are',
    description: 'whole: written once and left; growing: lines are appended as long as the file is there',
    default: 'whole',
  }),
  settle: Type.Number({
    title: 'Settling time (s)',
    description: 'A whole file is read when it has not changed for so long; 0 when files are moved in complete',
    default: 5,
    minimum: 0,
    maximum: 3600,
  }),
  interval: Type.Number({
    title: 'Look every (s)',
    description: 'How often the folder is looked at',
    default: 2,
    minimum: 0.1,
    maximum: 3600,
  }),
  afterwards: Type.Unsafe<'keep' | 'move'>({
    ...Choice(['keep', 'move']),
    title: 'Afterwards',
    description: 'keep: files stay where they are; move: into done/ or failed/ in the same folder',
    default: 'keep',
  }),
})
