import type { Agent } from '../../api/types.ts'
import { ConnectionMark } from '../../components/marks.tsx'
import { isNew } from './queue.ts'

/** Whether it is there: quiet when it is. */
export const AgentMark = ({ agent }: { agent: Agent }) => (
  <ConnectionMark
    device={{
      state: 'enrolled',
      connection: { state: agent.online ? 'online' : isNew(agent) ? 'never' : 'offline' },
    }}
  />
)
