export { visibleText } from "@litmus/api";
