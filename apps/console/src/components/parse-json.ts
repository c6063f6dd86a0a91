/** What a person typed as JSON: nothing typed is no value; a mistake is told in the parser's words. */
export function parseJson(text: string): { value: unknown; error: string | undefined } {
  if (text.trim() === '') return { value: undefined, error: undefined }
  try {
    return { value: JSON.parse(text) as unknown, error: undefined }
  } catch (error) {
    return { value: undefined, error: error instanceof Error ? error.message : String(error) }
  }
}
