/**
 * The house's one-way street: imports follow the arrow between stages, pass through a package's door, name only what
 * the package declares, and never run in a circle.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

/** From the ground up. A package may import those of lower rank; the edge and the server run the same lower stages. */
const ORDER = [
  'foundation',
  'methods',
  'contracts',
  'storage',
  'trust',
  'connectivity',
  'connectivity-http',
  'connectivity-mqtt',
  'connectivity-opcua',
  'connectivity-opcua-server',
  'connectivity-modbus',
  'connectivity-brokers',
  'connectivity-sparkplug',
  'connectivity-scpi',
  'connectivity-files',
  'connectivity-can',
  'connectivity-mdf',
  'connectivity-influx',
  'connectivity-prometheus',
  'connectivity-lines',
  'data',
  'monitoring',
  'intelligence',
  'mlops',
  'value',
  'sdk',
  'console',
  'cli',
  'plant',
  'edge',
  'server',
  'bench',
  'tools',
]
/** Clients know the platform by its API alone. */
const CLIENTS = new Set(['sdk', 'console', 'plant'])
const OPEN_TO_CLIENTS = new Set(['foundation', 'contracts', 'sdk'])

interface Workspace {
  readonly directory: string
  readonly name: string
  readonly dependencies: ReadonlySet<string>
  readonly testDependencies: ReadonlySet<string>
  readonly doors: ReadonlySet<string>
}

/** Every fault as `file: sentence`. */
export function importFaults(root: string): string[] {
  const workspaces = readWorkspaces(root)
  const faults: string[] = []
  const graph = new Map<string, string[]>()
  for (const workspace of workspaces) {
    const files = globSync('**/*.{ts,tsx,mts}', {
      cwd: join(root, workspace.directory),
      exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path),
    })
    for (const file of files) {
      const path = join(workspace.directory, file)
      if (
        workspaces.some(
          (other) =>
            other !== workspace &&
            other.directory.startsWith(`${workspace.directory}/`) &&
            path.startsWith(`${other.directory}/`),
        )
      )
        continue
      const targets: string[] = []
      for (const specifier of imported(readFileSync(join(root, path), 'utf8'))) {
        const fault = specifier.startsWith('.')
          ? insideFault(workspace, path, specifier)
          : outsideFault(workspace, workspaces, path, specifier)
        if (fault !== undefined) faults.push(`${path}: ${fault}`)
        if (specifier.startsWith('.')) targets.push(normalize(join(dirname(path), specifier)))
      }
      graph.set(path, targets)
    }
  }
  return [...faults, ...circles(graph)]
}

function readWorkspaces(root: string): Workspace[] {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
  return workspaces.map((directory) => {
    const manifest = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as {
      name: string
      exports?: Record<string, string>
      dependencies?: Record<string, string>
      devDependencies?: Record<string, string>
    }
    const dependencies = Object.keys(manifest.dependencies ?? {})
    return {
      directory,
      name: manifest.name,
      dependencies: new Set(dependencies),
      testDependencies: new Set([...dependencies, ...Object.keys(manifest.devDependencies ?? {})]),
      doors: new Set(Object.keys(manifest.exports ?? {}).map((door) => join(manifest.name, door))),
    }
  })
}

const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

function imported(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!.replace(/\?.*$/, ''))
}

const isTest = (path: string) => /\.test\.tsx?$|(^|\/)(test|testing)\//.test(path)

function insideFault(workspace: Workspace, path: string, specifier: string): string | undefined {
  const target = normalize(join(dirname(path), specifier))
  if (!relative(workspace.directory, target).startsWith('..')) return undefined
  // The generators reach into the package they generate for.
  if (workspace.directory === 'tools' && target === 'sdk/generate.ts') return undefined
  return `'${specifier}' leaves the package ${workspace.name}; import the other package by its name`
}

function outsideFault(
  workspace: Workspace,
  workspaces: Workspace[],
  path: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith('node:')) return undefined
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  const declared = isTest(path) || workspace.directory === 'tools' ? workspace.testDependencies : workspace.dependencies
  const target = workspaces.find((other) => other.name === name)
  if (target === undefined) {
    const shared = isTest(path) && name === 'fast-check'
    return declared.has(name) || shared || (workspace.testDependencies.has(name) && isDevFile(path))
      ? undefined
      : `'${name}' is not among the dependencies of ${workspace.name}`
  }
  if (!target.doors.has(specifier)) return `'${specifier}' passes by the door of ${name}`
  if (target === workspace) return undefined
  const [from, to] = [short(workspace.name), short(name)]
  if (isTest(path)) return undefined
  if (ORDER.indexOf(to) >= ORDER.indexOf(from)) return `imports ${name}, which stands above it`
  if (CLIENTS.has(from) && !OPEN_TO_CLIENTS.has(to))
    return `imports ${name}: a client knows the platform by its API alone`
  if (!declared.has(name) && !isDevFile(path)) return `'${name}' is not among the dependencies of ${workspace.name}`
  return undefined
}

/** Files that only developers run: benches, generators, build settings. */
const isDevFile = (path: string) => /^(bench|tools)\/|\/(generate|build|vite\.config)\.ts$/.test(path)

const short = (name: string) => name.replace('@millwright/', '')

/** Circles of relative imports, each told once as the files on it (Tarjan's strongly connected components). */
function circles(graph: Map<string, string[]>): string[] {
  const found: string[] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const visit = (file: string): void => {
    index.set(file, index.size)
    low.set(file, index.get(file)!)
    stack.push(file)
    for (const target of graph.get(file) ?? []) {
      if (!graph.has(target)) continue
      if (!index.has(target)) {
        visit(target)
        low.set(file, Math.min(low.get(file)!, low.get(target)!))
      } else if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, index.get(target)!))
    }
    if (low.get(file) !== index.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1 || (graph.get(file) ?? []).includes(file))
      found.push(`${circle[0]}: a circle of imports: ${circle.join(' -> ')}`)
  }
  for (const file of graph.keys()) if (!index.has(file)) visit(file)
  return found
}
