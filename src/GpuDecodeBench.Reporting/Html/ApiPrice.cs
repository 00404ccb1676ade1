namespace GpuDecodeBench.Reporting.Html;

/// <summary>What somebody else takes for tokens, as the user gives it.</summary>
/// <param name="Name">The offer's name.</param>
/// <param name="UsdPerMillionTokens">US dollars for a million output tokens; above zero.</param>
public sealed record ApiPrice(string Name, double UsdPerMillionTokens);
