/** Everything that the demo holds, before it is written. */
import { type InvestorBook, makeInvestorBooks, makeParkFundings, type ParkFundingRow } from './capital.js';
import { type CertificationRow, chooseCertified, makeCertifications } from './certifications.js';
import { type Company, makeCompanies } from './companies.js';
import { type FormerNameRow, makeFormerNames, registrationNumbers } from './identities.js';
import { type BankBook, makeBankBooks } from './lending.js';
import { type ApplicationRow, type DonationRow, makeApplications, makeRelief, makeRentWaivers, type RentWaiverRow, type ShelterRow } from './operations.js';
import { makePatents, type PatentRow } from './patents.js';
import { makeReports, type ReportRow } from './reports.js';
import { makeStatedFacts, type StatedFacts } from './stated-facts.js';
import { type LeaseRow, makeLeases, makeUnits, type UnitRow } from './tenancy.js';

/** The park's register and the six books. */
export interface World {
  readonly companies: readonly Company[];
  readonly registrationNumbers: ReadonlyMap<string, string>;
  readonly formerNames: readonly FormerNameRow[];
  readonly units: readonly UnitRow[];
  readonly leases: readonly LeaseRow[];
  readonly certifications: readonly CertificationRow[];
  readonly reports: readonly ReportRow[];
  readonly patents: readonly PatentRow[];
  readonly applications: readonly ApplicationRow[];
  readonly rentWaivers: readonly RentWaiverRow[];
  readonly shelters: readonly ShelterRow[];
  readonly donations: readonly DonationRow[];
  readonly parkFundings: readonly ParkFundingRow[];
  readonly investors: Readonly<Record<'huakai' | 'hongtu' | 'huayu', InvestorBook>>;
  readonly banks: Readonly<Record<'icbc' | 'bocom' | 'spdb', BankBook>>;
  /** What is stated of tenants in more than one book. */
  readonly stated: StatedFacts;
}

/** Makes the demo, the same every time. */
export function makeWorld(): World {
  const companies = makeCompanies();
  chooseCertified(companies);
  const units = makeUnits();
  const leases = makeLeases(companies, units);
  const world = {
    companies,
    registrationNumbers: registrationNumbers(companies),
    formerNames: makeFormerNames(companies),
    units,
    leases,
    certifications: makeCertifications(companies),
    reports: makeReports(companies),
    patents: makePatents(companies),
    applications: makeApplications(companies),
    rentWaivers: makeRentWaivers(leases),
    ...makeRelief(companies),
    parkFundings: makeParkFundings(companies),
    investors: makeInvestorBooks(companies),
    banks: makeBankBooks(companies),
  };
  return { ...world, stated: makeStatedFacts(world) };
}
