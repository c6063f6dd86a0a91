import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type AnchorProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & { ref?: Ref<HTMLAnchorElement> }

const ButtonAnchor = (props: AnchorProps) => <Button component="a" {...props} />

/** A link that looks like a button: for going somewhere, not for doing something. */
export const LinkButton = createLink(ButtonAnchor)
