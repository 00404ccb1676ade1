namespace GpuDecodeBench.Economics.Claims;

/// <summary>An input that is not what its source says.</summary>
/// <param name="Symbol">The input's symbol.</param>
/// <param name="Name">What it is.</param>
/// <param name="Given">The document's value with its unit.</param>
/// <param name="Correct">The source's value with the same unit.</param>
/// <param name="Source">The source.</param>
public sealed record WrongInput(string Symbol, string Name, string Given, string Correct, string Source);
