namespace GpuDecodeBench.Reporting;

/// <summary>What a check of the doctor found.</summary>
/// <param name="Id">The check's name, which is its anchor in docs/doctor.md.</param>
/// <param name="Title">What it checks.</param>
/// <param name="Verdict"><c>PASS</c>, <c>WARN</c>, <c>FAIL</c> or <c>SKIP</c>.</param>
/// <param name="Measured">What was measured; null where nothing was.</param>
/// <param name="Expected">What was expected; null where there is no expectation.</param>
/// <param name="Source">Where the expectation comes from; null where there is none.</param>
/// <param name="Advice">What to do, or why it was skipped, in words; null where there is nothing to say.</param>
/// <param name="ReasonCode">Why it was skipped, as a code; null where it was not.</param>
public sealed record DoctorRow(
    string Id,
    string Title,
    string Verdict,
    string? Measured,
    string? Expected,
    string? Source,
    string? Advice,
    string? ReasonCode
);
