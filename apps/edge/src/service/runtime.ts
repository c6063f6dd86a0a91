/**
 * How Node is run where memory is short. Half of what a small Node process has resident is the program itself; of the rest
 * most is what V8 keeps for speed that an agent does not need.
 */
export const NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=128', '--optimize-for-size'] as const

/**
 * One arena for all threads instead of one for each, which gives back what is free; and enough threads that name servers which do not answer (the usual
 * companion of an outage) do not keep the disk waiting.
 */
export const ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '65536',
  UV_THREADPOOL_SIZE: '16',
} as const
