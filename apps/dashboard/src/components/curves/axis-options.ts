import { xAxes } from "@litmus/api";
import type { XAxis } from "@litmus/api";
import type { SelectOption } from "../controls/select.tsx";
import { axisLabels } from "./metric-format.ts";

export const axisOptions: readonly SelectOption<XAxis>[] = xAxes.map((value) => ({ value, label: axisLabels[value] }));
