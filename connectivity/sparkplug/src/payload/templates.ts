import { sparkplugErrors } from '../errors.ts'
import type { WireReader } from '../wire/reader.ts'
import { BOUNDS } from './bounds.ts'
import { MetricFields } from './metric.ts'
import { readScalar } from './scalar.ts'

/** The members of a template by name, with their data type; nested templates by their own definition. */
export type TemplateMembers = ReadonlyMap<string, number>

/** Where one template (definition or instance, section 6.4.17) has its parts. */
export interface TemplateHead {
  readonly reference: string
  readonly version: string
  readonly isDefinition: boolean
  /** Where the member metrics stand. */
  readonly members: readonly { readonly from: number; readonly to: number }[]
  readonly parameters: readonly { readonly name: string; readonly value: unknown }[]
}

/** Reads the template between the reader's place and its end, its members aside. */
export function readTemplate(reader: WireReader): TemplateHead {
  let reference = ''
  let version = ''
  let isDefinition = false
  const members: { from: number; to: number }[] = []
  const parameters: { name: string; value: unknown }[] = []
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) version = reader.text(BOUNDS.nameBytes)
    else if (field === 2) {
      reader.expect(2)
      const outer = reader.enter()
      members.push({ from: reader.at, to: reader.end })
      reader.leave(outer)
    } else if (field === 3) parameters.push(readParameter(reader))
    else if (field === 4) reference = reader.text(BOUNDS.nameBytes)
    else if (field === 5) isDefinition = reader.varint() !== 0
    else reader.skip()
    if (members.length > BOUNDS.metrics || parameters.length > BOUNDS.properties) {
      throw sparkplugErrors.tooMany({ limit: BOUNDS.metrics, things: 'members of a template' })
    }
  }
  return { reference, version, isDefinition, members, parameters }
}

function readParameter(reader: WireReader): { name: string; value: unknown } {
  reader.expect(2)
  const outer = reader.enter()
  let name = ''
  let type = 0
  let value: unknown = null
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) name = reader.text(BOUNDS.nameBytes)
    else if (field === 2) type = reader.uint32()
    else value = readScalar(reader, field - 3, type) ?? value
  }
  reader.leave(outer)
  return { name, value }
}

/** The types of a definition's members, so that instances need not repeat them. */
export function membersOf(reader: WireReader, head: TemplateHead): TemplateMembers {
  const types = new Map<string, number>()
  const member = new MetricFields()
  const { at, end } = reader
  for (const { from, to } of head.members) {
    reader.at = from
    reader.end = to
    member.read(reader)
    if (member.type >= 0 && !member.badName) types.set(member.name, member.type)
  }
  reader.at = at
  reader.end = end
  return types
}

export const tooDeep = (path: string) => sparkplugErrors.tooDeep({ path, limit: BOUNDS.depth })
