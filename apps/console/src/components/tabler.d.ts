/** Tabler's icons, one file each: the package has types for its whole index only. */
declare module '@tabler/icons-react/dist/esm/icons/*' {
  import type { IconProps } from '@tabler/icons-react'
  import type { ForwardRefExoticComponent, RefAttributes } from 'react'

  const Icon: ForwardRefExoticComponent<IconProps & RefAttributes<SVGSVGElement>>
  export default Icon
}
