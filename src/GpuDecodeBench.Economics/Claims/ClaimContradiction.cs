namespace GpuDecodeBench.Economics.Claims;

/// <summary>Another claim that a claim contradicts.</summary>
/// <param name="Claim">The other claim's id.</param>
/// <param name="Given">The other claim's figure.</param>
/// <param name="Holds">How the claim's figure would have to stand to what follows.</param>
/// <param name="Follows">What follows from the other claim, in the claim's unit.</param>
public sealed record ClaimContradiction(string Claim, string Given, ClaimComparison Holds, string Follows);
