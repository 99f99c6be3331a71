import { ledgerCases } from '../../test/support/ledger-cases.ts';
import { MemoryTable } from '../../test/support/table.ts';

const table = new MemoryTable();
ledgerCases(() => table.client);
