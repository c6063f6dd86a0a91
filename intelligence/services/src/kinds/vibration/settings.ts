import { Choice, Strict } from '@millwright/contracts'
import { bearingCatalogue, type SeverityClassName, severityClasses } from '@millwright/methods/vibration'
import { type Static, Type } from 'typebox'
import type { Settings } from '../kind.ts'

const names = { maxLength: 200 }
const millimetres = (title: string, description: string) =>
  Type.Optional(Type.Number({ title, description, minimum: 0, maximum: 10_000, default: 0 }))

/** How the catalogue's bearings are chosen; the empty one: its geometry is given. */
export const designations = ['', ...bearingCatalogue.map(({ maker, designation }) => `${maker} ${designation}`)]

export const BearingSettings = Strict({
  name: Type.String({ title: 'Name', description: 'Where it sits, as "drive end"', minLength: 1, maxLength: 60 }),
  designation: Type.Optional(
    Type.Unsafe<string>({
      ...Choice(designations),
      title: 'Bearing',
      description: 'From the catalogue; none: give its geometry',
      default: '',
    }),
  ),
  elements: Type.Optional(
    Type.Integer({
      title: 'Rolling elements',
      description: 'In one row; only without a bearing of the catalogue',
      minimum: 0,
      maximum: 500,
      default: 0,
    }),
  ),
  elementDiameter: millimetres('Element diameter', 'mm'),
  pitchDiameter: millimetres('Pitch diameter', 'mm, between the centres of opposite elements'),
  contactAngle: Type.Optional(
    Type.Number({ title: 'Contact angle', description: 'Degrees', minimum: 0, maximum: 89, default: 0 }),
  ),
})

export const GearSettings = Strict({
  name: Type.String({ title: 'Name', description: 'As "stage 1"', minLength: 1, maxLength: 60 }),
  teeth: Type.Integer({ title: 'Teeth, driving wheel', minimum: 3, maximum: 2000 }),
  matingTeeth: Type.Integer({ title: 'Teeth, driven wheel', minimum: 3, maximum: 2000 }),
})

export const VibrationSettings = Strict({
  waveforms: Type.Optional(
    Type.Array(Type.String(names), {
      title: 'Waveforms',
      description: 'Names of the acceleration signals. None: all waveforms of the equipment',
      maxItems: 16,
      uniqueItems: true,
      default: [],
      format: 'signals',
    }),
  ),
  speed: Type.Optional(
    Type.String({
      ...names,
      title: 'Speed signal',
      description: 'Speed of the shaft that carries the bearings, per minute or in Hz',
      default: '',
      format: 'signal',
    }),
  ),
  rpm: Type.Optional(
    Type.Number({
      title: 'Fixed speed',
      description: 'Turns per minute, where no signal tells it. 0: it is looked for in the spectrum',
      minimum: 0,
      maximum: 100_000,
      default: 0,
    }),
  ),
  slowest: Type.Optional(
    Type.Number({
      title: 'Slowest speed',
      description: 'Turns per minute; below, the machine stands',
      minimum: 1,
      maximum: 100_000,
      default: 300,
    }),
  ),
  fastest: Type.Optional(
    Type.Number({
      title: 'Fastest speed',
      description: 'Turns per minute',
      minimum: 1,
      maximum: 100_000,
      default: 3600,
    }),
  ),
  bearings: Type.Optional(
    Type.Array(BearingSettings, {
      title: 'Bearings',
      description: 'Without, no bearing fault can be named',
      maxItems: 8,
      default: [],
    }),
  ),
  gears: Type.Optional(
    Type.Array(GearSettings, { title: 'Gears', description: 'Driven by that shaft', maxItems: 4, default: [] }),
  ),
  pump: Type.Optional(
    Type.Boolean({ title: 'Pump', description: 'It moves a liquid, and so can cavitate', default: false }),
  ),
  severityClass: Type.Optional(
    Type.Unsafe<SeverityClassName>({
      ...Choice(Object.keys(severityClasses)),
      title: 'Severity class',
      description:
        'Whose zones its vibration velocity is judged by: ISO 20816-3 (groups), ISO 10816-1 (classes), ISO 10816-7 (pumps)',
      default: 'class I',
    }),
  ),
})
export type BearingSettings = Required<Static<typeof BearingSettings>>
export type VibrationSettings = Required<Omit<Static<typeof VibrationSettings>, 'bearings'>> & {
  readonly bearings: readonly BearingSettings[]
}

export const vibrationSettings = (settings: Settings): VibrationSettings => settings as unknown as VibrationSettings

/** What stands in the diagnosis and its explanation while there is nothing to tell. */
export const WELL = 'well'
export const NOTHING = 'Nothing speaks for a fault.'
