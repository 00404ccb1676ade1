namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>Steps of 100 ms with known power: as long as a common sensor's period, so that it always meets the same part of them.</summary>
internal static class Loads
{
    public const double StepSeconds = 0.1;

    /// <summary>One step of a kind.</summary>
    public static void Step(SimulatedGpu gpu, string kind)
    {
        switch (kind)
        {
            case "square":
                gpu.Work(0.05, 500, 500);
                gpu.Work(0.05, 100, 100);
                break;
            case "ramp":
                gpu.Work(0.1, 100, 500);
                break;
            case "burst":
                gpu.Work(0.02, 700, 700);
                gpu.Work(0.08, 100, 100);
                break;
            default:
                gpu.Work(0.1, 400, 400);
                break;
        }
    }

    /// <summary>The mean power of a step of a kind, in watts.</summary>
    public static double Watts(string kind) =>
        kind switch
        {
            "square" => 300,
            "ramp" => 300,
            "burst" => 220,
            _ => 400,
        };
}
