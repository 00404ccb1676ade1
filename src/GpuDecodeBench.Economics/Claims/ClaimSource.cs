namespace GpuDecodeBench.Economics.Claims;

/// <summary>A source of correct inputs that are not in a catalogue.</summary>
/// <param name="Key">The key by which corrections name it.</param>
/// <param name="Title">What it is.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Date">The date of what it says, as far as known: a year, a month or a day.</param>
public sealed record ClaimSource(string Key, string Title, string Url, string Date);
