export { UserError } from "../config/errors.ts";
