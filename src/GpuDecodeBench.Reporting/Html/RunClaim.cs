namespace GpuDecodeBench.Reporting.Html;

/// <summary>A published figure beside what a run shows of the same thing.</summary>
/// <param name="Id">The claim's id in the audit of published figures.</param>
/// <param name="Statement">What it says.</param>
/// <param name="Given">Its figure with the unit.</param>
/// <param name="Own">What the run shows, with the unit.</param>
/// <param name="Accepted">What the audit takes for the claim's figure.</param>
/// <param name="Supports">Whether the run's figure is the claim's within its rounding.</param>
/// <param name="How">What of the run was compared, and where it comes from.</param>
internal sealed record RunClaim(
    string Id,
    string Statement,
    string Given,
    string Own,
    string Accepted,
    bool Supports,
    string How
);
