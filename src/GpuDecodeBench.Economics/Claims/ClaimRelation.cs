namespace GpuDecodeBench.Economics.Claims;

/// <summary>Another claim with which a claim must be consistent.</summary>
/// <param name="Claim">The other claim's id.</param>
/// <param name="Formula">What the claim's value must be, from the other's, which the formula calls <c>other</c>.</param>
/// <param name="Holds">How the claim's value must stand to the formula's.</param>
public sealed record ClaimRelation(string Claim, string Formula, ClaimComparison Holds);
