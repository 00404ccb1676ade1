using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>A run that a report is made of.</summary>
/// <param name="Record">The record.</param>
/// <param name="Name">The file's name, without its folder.</param>
public sealed record ReportInput(RunRecord Record, string Name);
