export { resumeStreaming, type StreamingDetector, streamingDetector } from './detector.ts'
export type { StreamingCause } from './experts.ts'
export { type StreamingSettings, streamingDefaults } from './settings.ts'
