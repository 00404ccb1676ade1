namespace GpuDecodeBench.Reporting.Tests;

/// <summary>An examination with every verdict in it.</summary>
internal static class TestDoctor
{
    public const string Words =
        "FAIL: memory-pattern; do not trust or pay for this device before that is explained. 1 of 5 checks passed, 2 could not be made.";

    public static IReadOnlyList<DoctorRow> Rows { get; } =
    [
        new DoctorRow(
            "memory-pattern",
            "memory is there and keeps what is written",
            "FAIL",
            "12 words wrong in 136 GiB written and read back 2 times",
            "every word as it was written",
            "the pattern itself",
            "The memory is faulty.",
            null
        ),
        new DoctorRow(
            "power-limit",
            "its power limit is not lowered",
            "WARN",
            "600 W in force, 700 W by default",
            "the default",
            "the device's own default limit",
            "The seller lowered it.",
            null
        ),
        new DoctorRow(
            "bandwidth-read",
            "memory is as fast as this class of device",
            "PASS",
            "4.40 TB/s, 91.7 % of 4.80 TB/s",
            "80 % or more of 4.80 TB/s",
            "datasheet of H200 SXM",
            null,
            null
        ),
        new DoctorRow("ecc", "memory errors are corrected", "SKIP", null, null, null, null, "nvml.notSupported"),
        new DoctorRow("links", "its links are up", "SKIP", null, null, null, "no link is up", "noLinks"),
    ];
}
