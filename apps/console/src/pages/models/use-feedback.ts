import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Episode, Label } from '../../api/types.ts'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

export type Verdict = Label['verdict']

/** What a person says of an episode or a span; each can be taken back. */
export function useFeedback(service: string) {
  const queries = useQueryClient()
  const params = { id: service }
  const again = () => queries.invalidateQueries({ queryKey: ['services'] })

  const put = async (body: { episode: string; verdict: Verdict; what?: string }) => {
    const label = await api.createLabel({ params, body })
    await again()
    return label
  }
  const takeBack = async (label: string) => {
    await api.deleteLabel({ params: { id: service, label } })
    await again()
  }

  /** A label that stands is replaced; undo puts it back. */
  const say = async (episode: Episode, verdict: Verdict, what: string) => {
    const before = episode.label
    try {
      const label = await put({ episode: episode.id, verdict, ...(what === '' ? {} : { what }) })
      tell(t(`models.said.${verdict}`), {
        target: service,
        undo: () =>
          before === null
            ? takeBack(label.id)
            : put({
                episode: episode.id,
                verdict: before.verdict,
                ...(before.what === '' ? {} : { what: before.what }),
              }),
      })
    } catch (error) {
      tellError(error)
    }
  }

  const sayOfSpan = async (span: { from: number; to: number }, verdict: Verdict, what: string) => {
    const label = await api.createLabel({ params, body: { ...span, verdict, ...(what === '' ? {} : { what }) } })
    await again()
    tell(t(`models.said.${verdict}`), { target: service, undo: () => takeBack(label.id) })
  }

  const remove = async (label: Label) => {
    try {
      await takeBack(label.id)
      const { episode, from, to, verdict, what } = label
      const about = episode === null ? { from, to } : { episode }
      tell(t('models.labelGone'), {
        target: service,
        undo: async () => {
          await api.createLabel({ params, body: { ...about, verdict, ...(what === '' ? {} : { what }) } })
          await again()
        },
      })
    } catch (error) {
      tellError(error)
    }
  }

  return { say, sayOfSpan, remove }
}
