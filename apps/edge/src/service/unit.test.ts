import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemdUnit } from './unit.ts'

const options = { node: '/usr/bin/node', program: '/opt/millwright/agent.mjs', directory: '/var/lib/millwright-edge' }

describe('the unit for systemd', () => {
  it('runs as a user of its own that may write its folder alone', () => {
    const unit = systemdUnit({ ...options, user: undefined, serialGroup: 'dialout' })
    assert.match(
      unit,
      /^ExecStart=\/usr\/bin\/node .*--optimize-for-size \/opt\/millwright\/agent.mjs run --directory \/var\/lib\/millwright-edge$/m,
    )
    for (const line of [
      'DynamicUser=yes',
      'StateDirectory=millwright-edge',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'CapabilityBoundingSet=',
      'SupplementaryGroups=dialout',
      'Restart=always',
      'Environment=UV_THREADPOOL_SIZE=16',
    ]) {
      assert.ok(unit.split('\n').includes(line), line)
    }
    assert.doesNotMatch(systemdUnit({ ...options, user: undefined, serialGroup: undefined }), /SupplementaryGroups/)
  })

  it('names what has spaces and signs so that systemd reads it as it is', () => {
    const unit = systemdUnit({ ...options, directory: '/srv/my "edge" 100%/$x', user: 'edge', serialGroup: undefined })
    assert.match(unit, /--directory "\/srv\/my \\"edge\\" 100%%\/\$\$x"$/m)
    assert.match(unit, /^User=edge$/m)
    assert.doesNotMatch(unit, /DynamicUser/)
  })
})
