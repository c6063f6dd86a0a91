import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseSync } from 'vite'
import { en } from './en/index.ts'
import { type Catalogue, fill, pieces, sentence } from './translate.ts'

const SOURCE = join(import.meta.dirname, '..')
const sources = globSync('**/*.{ts,tsx}', { cwd: SOURCE, exclude: (path) => path.includes('.test.') })

interface Node {
  type: string
  [key: string]: unknown
}

/** Every node of a parsed file, with those above it. */
function* nodes(node: unknown, above: readonly Node[] = []): Generator<{ node: Node; above: readonly Node[] }> {
  if (Array.isArray(node)) {
    for (const one of node) yield* nodes(one, above)
  } else if (typeof node === 'object' && node !== null) {
    const here = typeof (node as Node).type === 'string' ? (node as Node) : undefined
    if (here !== undefined) yield { node: here, above }
    for (const value of Object.values(node)) yield* nodes(value, here === undefined ? above : [...above, here])
  }
}

const parse = (file: string) =>
  parseSync(file, readFileSync(join(SOURCE, file), 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' })
    .program as unknown as Node

describe('messages', () => {
  it('stand in components by their keys only: no literal text for people', () => {
    const READ = /^(label|title|placeholder|description|alt|aria-label|aria-description|aria-roledescription)$/
    const LETTERS = /\p{L}{2,}/u
    const faults: string[] = []
    for (const file of sources.filter((name) => name.endsWith('.tsx'))) {
      for (const { node, above } of nodes(parse(file))) {
        const within = above.at(-1)
        const text = (value: unknown) => faults.push(`${file}: ${JSON.stringify(value)}`)
        if (node.type === 'JSXText' && LETTERS.test(String(node['value']))) text(node['value'])
        if (node.type !== 'Literal' && node.type !== 'TemplateElement') continue
        const value = node.type === 'Literal' ? node['value'] : (node['value'] as { cooked: string }).cooked
        if (typeof value !== 'string' || !LETTERS.test(value)) continue
        const attribute = above.findLast((one) => one.type === 'JSXAttribute')
        const name = (attribute?.['name'] as { name?: string } | undefined)?.name
        const direct = within === attribute || within?.type === 'JSXExpressionContainer'
        if (attribute !== undefined && direct && name !== undefined && READ.test(name)) text(value)
        if (attribute === undefined && within?.type === 'JSXExpressionContainer') text(value)
      }
    }
    assert.deepEqual(faults, [])
  })

  it('are all used, and every key that is used exists', () => {
    const code = sources
      .filter((file) => !file.startsWith('messages/en/'))
      .map((file) => readFileSync(join(SOURCE, file), 'utf8'))
    const all = code.join('\n')
    const unused: string[] = []
    for (const [area, messages] of Object.entries(en)) {
      for (const key of Object.keys(messages)) {
        const whole = `${area}.${key}`
        // Keys may be put together from a value: `priority.${priority}`, `trust.userState.${state}`.
        const parts = whole.split('.')
        const built = parts.slice(1).some((_, index) => all.includes(`${parts.slice(0, index + 1).join('.')}.\${`))
        if (!all.includes(`'${whole}'`) && !all.includes(`"${whole}"`) && !built) unused.push(whole)
      }
    }
    assert.deepEqual(unused, [])
    for (const [, key] of all.matchAll(/\bt\('([\w.-]+)'/g)) assert.doesNotThrow(() => sentence(en, key!, 2, 'en'), key)
  })

  it('have both forms where they count, with the number in one of them', () => {
    for (const [area, messages] of Object.entries(en as Catalogue)) {
      for (const [key, message] of Object.entries(messages)) {
        if (typeof message === 'string') continue
        assert.ok(message.one !== undefined, `${area}.${key} has no form for one`)
        const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
        const missing = places(message.other).filter((place) => place !== 'n' && !places(message.one!).includes(place))
        assert.deepEqual(missing, [], `${area}.${key}`)
      }
    }
  })
})

describe('translation', () => {
  const words: Catalogue = { cart: { items: { one: '{n} part', other: '{n} parts' }, hello: 'Good day, {name}' } }

  it('picks the plural form of the language', () => {
    assert.equal(sentence(words, 'cart.items', 1, 'en'), '{n} part')
    assert.equal(sentence(words, 'cart.items', 0, 'en'), '{n} parts')
  })

  it('fills places, numbers as the locale writes them', () => {
    assert.equal(fill('{n} of {name}', { n: 12_345.5, name: 'ten' }, 'de-DE'), '12.345,5 of ten')
    assert.throws(() => fill('{name}', {}, 'en'), /no value for \{name\}/)
  })

  it('cuts a sentence at its places', () => {
    assert.deepEqual(pieces('Good day, {name}!'), [{ text: 'Good day, ' }, { place: 'name' }, { text: '!' }])
  })

  it('refuses a key that nobody wrote', () => {
    assert.throws(() => sentence(words, 'cart.missing', undefined, 'en'), /cart.missing/)
  })
})
