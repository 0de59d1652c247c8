import { createContext, use } from "react";
import type { ReactNode } from "react";

const Paper = createContext(false);

/** What is below it is drawn once, as a document without script: nothing can be pressed, and nothing else can be fetched. */
export function OnPaper({ children }: { readonly children: ReactNode }): ReactNode {
  return <Paper value={true}>{children}</Paper>;
}

/** Whether this is drawn on paper: a component then shows at once what it else shows when it is asked. */
export const useOnPaper = (): boolean => use(Paper);
