/** The local page: one document, one style sheet, one script; nothing of it comes from elsewhere. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Millwright edge agent</title>
<link rel="stylesheet" href="/style.css">
<script src="/script.js" defer></script>
</head>
<body>
<header><h1>Edge agent</h1><p id="about" role="status">Loading…</p></header>
<main>
<section aria-labelledby="h-now"><h2 id="h-now">Now</h2><dl id="now"></dl></section>
<section aria-labelledby="h-alarms"><h2 id="h-alarms">Alarms</h2><div class="scroll" id="alarms"></div></section>
<section aria-labelledby="h-connections"><h2 id="h-connections">Connections</h2><div class="scroll" id="connections"></div></section>
<section aria-labelledby="h-values"><h2 id="h-values">Last values</h2>
<label>Filter <input id="filter" type="search" autocomplete="off"></label><div class="scroll" id="values"></div></section>
</main>
<footer>Read only. The same as JSON: <a href="/status.json">status.json</a></footer>
<noscript>Without scripts: <a href="/status.json">status.json</a></noscript>
</body>
</html>
`

export const STYLE = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f8, #14171a); --card: light-dark(#fff, #1d2125); --ink: light-dark(#1b1f23, #e6e9ec);
  --soft: light-dark(#57606a, #a3acb5); --line: light-dark(#d5dae0, #343b42);
  --good: light-dark(#1a6b3c, #6fcf97); --warn: light-dark(#8a5a00, #f0b849); --bad: light-dark(#b3261e, #ff8a80);
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0.75rem 1rem }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 0 0 0.5rem } p { margin: 0.2rem 0; color: var(--soft) }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; margin-bottom: 0.75rem }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 0.5rem 1.5rem; margin: 0 }
dt { color: var(--soft); font-size: 0.85rem } dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: 0.85rem } td, th { padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
.number { text-align: right } td.number { white-space: nowrap } small { display: block; color: var(--soft); font-size: 0.85rem; overflow-wrap: anywhere } .good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem; min-height: 44px; width: min(20rem, 100%) }
label { display: block; margin-bottom: 0.5rem; color: var(--soft) } a { color: inherit }
`

export const SCRIPT = `'use strict'
const by = (id) => document.getElementById(id)
const node = (tag, text, className) => {
  const made = document.createElement(tag)
  if (text !== undefined) made.textContent = text
  if (className) made.className = className
  return made
}
const at = (time) => (time === undefined || time === null ? 'never' : new Date(time / 1000).toLocaleString())
const count = (number) => number.toLocaleString()
const size = (bytes) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  while (bytes >= 1024 && unit < 4) { bytes /= 1024; unit++ }
  return bytes.toLocaleString(undefined, { maximumFractionDigits: 1 }) + ' ' + units[unit]
}
const span = (micros) => {
  const seconds = Math.abs(micros) / 1e6
  if (seconds < 120) return seconds.toFixed(1) + ' s'
  if (seconds < 7200) return (seconds / 60).toFixed(0) + ' min'
  return (seconds / 3600).toFixed(1) + ' h'
}
const table = (into, heads, rows, empty) => {
  if (rows.length === 0) return into.replaceChildren(node('p', empty))
  const made = node('table')
  const head = made.createTHead().insertRow()
  heads.forEach((text, at) => { const cell = node('th', text, rows[0][at]?.[1] === 'number' ? 'number' : ''); cell.scope = 'col'; head.append(cell) })
  const body = made.createTBody()
  for (const cells of rows) {
    const row = body.insertRow()
    for (const [text, className, more] of cells) {
      const cell = node('td', text, className)
      if (more) cell.append(node('small', more))
      row.append(cell)
    }
  }
  into.replaceChildren(made)
}
const states = { running: 'good', starting: 'warn', degraded: 'warn', waiting: 'warn', failed: 'bad', stopped: 'warn' }
const quality = (code) => (code >>> 30 === 0 ? ['good', 'good'] : code >>> 30 === 2 ? ['bad', 'bad'] : ['uncertain', 'warn'])
const valueOf = (value) => {
  if (value.text !== undefined) return value.text
  if (value.kind === 1) return value.value ? 'true' : 'false'
  return Number(value.value.toPrecision(8)).toLocaleString(undefined, { maximumFractionDigits: 8 }) + (value.unit && value.unit !== '1' ? ' ' + value.unit : '')
}
let last
const show = (state) => {
  last = state
  by('about').textContent = state.device + ' · version ' + state.software + ' · ' + at(state.time)
  const names = new Map(state.connections.map((one) => [one.id, one.name]))
  names.set('', 'Agent')
  const { link, queue, clock, configuration } = state
  const figures = [
    ['Platform', link.up ? 'connected since ' + at(link.since) : 'not connected: ' + (link.reason ?? ''), link.up ? 'good' : 'bad'],
    ['Address', state.platform],
    ['Queue', count(queue.readings) + ' readings, ' + size(queue.bytes)],
    ['Oldest in the queue', queue.oldest === undefined ? 'none' : at(queue.oldest) + ' (' + span(state.time - queue.oldest) + ' ago)'],
    ['Given up or damaged', count(queue.dropped) + ' / ' + count(queue.damaged), queue.dropped + queue.damaged > 0 ? 'bad' : ''],
    ['Accepted, acknowledged', count(state.readings.accepted) + ' / ' + count(state.readings.acknowledged)],
    ['Refused', count(state.readings.refused)],
    ['Clock', (clock.trusted ? 'trusted' : 'not set') + (link.offset === undefined ? '' : ', ' + span(link.offset) + (link.offset < 0 ? ' behind' : ' ahead')) + (clock.steps ? ', set ' + clock.steps + ' times' : ''), clock.trusted ? '' : 'bad'],
    ['Configuration', 'version ' + configuration.version + (configuration.trial ? ', on trial' : '') + (configuration.outcome?.reason ? ': ' + configuration.outcome.reason : '')],
  ]
  if (queue.trouble) figures.push(['Trouble', queue.trouble, 'bad'])
  for (const [name, value] of Object.entries(state.health)) {
    if (!/^machine|^agent\\/(cpu|memory|disk)/.test(name) || value === null) continue
    const shown = typeof value === 'object' ? (value.unit === 'By' ? size(value.number) : value.number.toLocaleString() + (value.unit === '1' ? '' : ' ' + value.unit.replace('Cel', '°C'))) : String(value)
    figures.push([name.replace('/', ' '), shown])
  }
  by('now').replaceChildren(...figures.map(([name, text, className]) => {
    const pair = node('div')
    pair.append(node('dt', name), node('dd', text, className))
    return pair
  }))
  table(by('alarms'), ['Rule', 'State', 'Since'], state.alarms.map((rule) => [
    [rule.name, '', rule.trouble ?? rule.priority], rule.trouble ? ['waits', 'warn'] : rule.active ? ['active', 'bad'] : ['normal', 'good'], [rule.since ? at(rule.since) : ''],
  ]), 'No rules run here.')
  table(by('connections'), ['Connection', 'State', 'Readings', 'per second'], state.connections.map((one) => [
    [one.name + ' (' + one.adapter + ')', '', one.status.reason], [one.status.state, states[one.status.state]], [count(one.status.readings), 'number'],
    [one.status.readingsPerSecond.toLocaleString(), 'number'],
  ]), 'No connections yet: make them in the console, at this agent.')
  const wanted = by('filter').value.toLowerCase()
  const values = state.values.filter((value) => (value.metric + value.device).toLowerCase().includes(wanted))
  table(by('values'), ['Signal', 'Value', 'Quality', 'Time'], values.slice(0, 300).map((value) => [
    [[names.get(value.connection) ?? value.connection, value.device, value.metric].filter(Boolean).join(' / ')],
    [valueOf(value), 'number'], quality(value.quality), [at(value.time)],
  ]), 'No readings yet.')
}
const ask = async () => {
  try {
    const reply = await fetch('/status.json')
    show(await reply.json())
  } catch {
    by('about').textContent = 'The agent does not answer.'
  }
  setTimeout(ask, document.hidden ? 10000 : 2000)
}
by('filter').addEventListener('input', () => last && show(last))
ask()
`
