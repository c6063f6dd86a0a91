/**
 * Parts of a field with its description below: fields that stand side by side then stand on one line, whatever is said
 * about them.
 */
export const DESCRIPTION_BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'error',
  'description',
]
