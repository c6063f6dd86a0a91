import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { serviceQuery } from '../../api/services.ts'
import type { Service } from '../../api/types.ts'
import type { Span } from '../../charts/time-range.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

/** What a person does to a service. Stopping is undone by publishing again; what other people notice is asked first. */
export function useServiceActions(service: Service) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const { id, name } = service
  const again = async (changed?: Service) => {
    if (changed !== undefined) queries.setQueryData(serviceQuery(id).queryKey, changed)
    await queries.invalidateQueries({ queryKey: ['services'] })
  }
  const goLive = async (number: number) => again(await api.publishService({ params: { id }, body: { number } }))

  const train = async (span: Partial<Span>) => {
    const { number } = await api.trainService({ params: { id }, body: span })
    await again()
    tell(t('models.trainingBegun', { number }), { target: id })
  }

  const cancel = async (number: number) => {
    try {
      await api.cancelTraining({ params: { id, number } })
      await again()
      tell(t('models.cancelled', { number }), { target: id })
    } catch (error) {
      tellError(error)
    }
  }

  const publish = (number: number) => {
    const before = service.state === 'live' ? service.liveVersion : null
    const back = before !== null && number < before
    confirm({
      title: back ? t('models.rollBackTitle', { number }) : t('models.publishTitle', { number }),
      consequence: (
        <>
          <p>
            {before === null
              ? t('models.publishFirst', { equipment: service.equipmentName })
              : t('models.publishNext', { before, number })}
          </p>
          <p style={{ marginTop: 8 }}>
            {service.alarm === null
              ? t('models.publishQuiet')
              : t('models.publishAlarm', { priority: t(`priority.${service.alarm.priority}`) })}
          </p>
        </>
      ),
      action: back ? t('models.rollBack') : t('models.publish'),
      run: async () => {
        await goLive(number)
        tell(t('models.published', { name, number }), {
          target: id,
          ...(before === null ? {} : { undo: () => goLive(before) }),
        })
      },
    })
  }

  const stop = async () => {
    const number = service.liveVersion
    try {
      await again(await api.stopService({ params: { id } }))
      tell(t('models.stopped', { name }), {
        target: id,
        ...(number === null ? {} : { undo: () => goLive(number) }),
      })
    } catch (error) {
      tellError(error)
    }
  }

  const remove = () =>
    confirm({
      title: t('models.deleteTitle', { name }),
      consequence: t('models.deleteConsequence'),
      action: t('models.delete'),
      danger: true,
      run: async () => {
        await api.deleteService({ params: { id } })
        await navigate({ to: '/models' })
        queries.removeQueries({ queryKey: serviceQuery(id).queryKey })
        await queries.invalidateQueries({ queryKey: ['services', 'list'] })
        await queries.invalidateQueries({ queryKey: ['rules'] })
        tell(t('models.deleted', { name }), { target: id })
      },
    })

  const recompute = async (body: Span & { number?: number }) => {
    await api.recomputeService({ params: { id }, body })
    await again()
    tell(t('models.recomputeBegun'), { target: id })
  }

  const cancelJob = async (job: string) => {
    try {
      await api.cancelServiceJob({ params: { id, job } })
      await again()
    } catch (error) {
      tellError(error)
    }
  }

  return { train, cancel, publish, stop, remove, recompute, cancelJob, again }
}

export type ServiceActions = ReturnType<typeof useServiceActions>
