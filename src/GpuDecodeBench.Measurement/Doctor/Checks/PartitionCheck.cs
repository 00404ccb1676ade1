namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether the device is a whole GPU or a MIG instance.</summary>
internal sealed class PartitionCheck() : DoctorCheck("mig", "it is a whole GPU", DoctorTargets.Gpu)
{
    protected override CheckResult Decide(DoctorFacts facts)
    {
        bool isSlice = facts.Device.IsMigInstance == true;
        bool? isCut = facts.State?.IsPartitioned.TryGet(out bool cut) == true ? cut : null;
        const string Expected = "a whole GPU";
        const string Source = "the driver's name of the device and its MIG mode";
        if (isSlice || isCut == true)
        {
            return Warn(
                isSlice ? $"a part of a GPU: {facts.Device.Name}" : "the GPU is cut into instances (MIG)",
                Expected,
                Source,
                "Memory, bandwidth and cores are a part of the GPU's, and so are all figures. Be sure that it is what you pay for."
            );
        }

        return facts.Device.IsMigInstance is null && isCut is null
            ? Skip("notTold", "nothing says whether it is a part of a GPU")
            : Pass("a whole GPU", Expected, Source);
    }
}
