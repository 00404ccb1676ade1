namespace GpuDecodeBench.Economics.Claims;

/// <summary>A document whose figures are audited.</summary>
/// <param name="Key">The key by which claims name it.</param>
/// <param name="Title">Its title, or what it is where it gives none.</param>
/// <param name="Author">Its author as far as the document names one; null where it does not.</param>
/// <param name="Note">What a reader of its claims should know; null where there is nothing.</param>
public sealed record ClaimDocument(string Key, string Title, string? Author, string? Note);
