using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Measurement.Telemetry.Cpu;
using GpuDecodeBench.Measurement.Telemetry.Nvml;

namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>The source of telemetry for each kind of device.</summary>
public static class TelemetrySources
{
    /// <summary>
    /// Opens the sensors of a device. Never throws for sensors that are not to be had: then it is a source that tells nothing and
    /// says why.
    /// </summary>
    /// <param name="device">The device, as its backend describes it.</param>
    public static ITelemetrySource Open(DeviceDescription device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.UnavailableReason is string reason)
        {
            return new UnavailableTelemetry(UnavailableTelemetry.NoSource, "deviceUnavailable", reason);
        }

        return device.Backend switch
        {
            CudaBackend.BackendName => NvmlTelemetry.Open(device),
            CpuBackend.BackendName => CpuTelemetrySource.Open(),
            EmulatorBackend.BackendName => new UnavailableTelemetry(
                UnavailableTelemetry.NoSource,
                "emulated",
                "The emulator is a program: it has no power, clocks or temperatures of its own."
            ),
            _ => NoSourceFor(device),
        };
    }

    private static UnavailableTelemetry NoSourceFor(DeviceDescription device) =>
        new(
            UnavailableTelemetry.NoSource,
            "noSource",
            $"There is no source of telemetry for the backend {device.Backend}."
        );
}
