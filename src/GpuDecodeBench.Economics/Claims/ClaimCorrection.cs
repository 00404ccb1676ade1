namespace GpuDecodeBench.Economics.Claims;

/// <summary>
/// What an input should be: a reference into a catalogue (see <see cref="ClaimReference"/>), or a value with its source. Exactly one of
/// the two is given.
/// </summary>
/// <param name="Reference">The reference; null where a value is given.</param>
/// <param name="Value">The value, in the input's unit; null where a reference is given.</param>
/// <param name="Source">The key of the value's source; null where a reference is given.</param>
public sealed record ClaimCorrection(string? Reference, double? Value, string? Source);
