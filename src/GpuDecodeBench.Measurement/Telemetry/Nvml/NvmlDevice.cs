using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>One GPU as NVML sees it, found by what it is and never by its number, which CUDA_VISIBLE_DEVICES changes.</summary>
/// <param name="Library">The library, started.</param>
/// <param name="Handle">The library's handle of the GPU; of a part of a GPU (MIG) the whole GPU's.</param>
/// <param name="FoundBy">How it was found, in words.</param>
/// <param name="IsPart">Whether what was asked for is a part of the GPU (MIG).</param>
internal sealed record NvmlDevice(NvmlLibrary Library, nint Handle, string FoundBy, bool IsPart)
{
    private const string ByUuid = "nvmlDeviceGetHandleByUUID";
    private const string ByPciBusId = "nvmlDeviceGetHandleByPciBusId";

    /// <summary>Finds a device; null with the reason.</summary>
    public static NvmlDevice? Find(NvmlLibrary library, DeviceDescription description, out Reading<string> whyNot)
    {
        whyNot = Reading.Unavailable<string>(
            "nvml.noIdentity",
            $"The driver tells neither a UUID nor a place on the PCI bus of {description.Id}, and NVML's own numbers may be another GPU's: check that nvidia-smi -L lists it."
        );
        bool isPart = IsPartUuid(description.Uuid);
        if (description.Uuid is string uuid)
        {
            NvmlReturn code = library.HandleByUuid(uuid, out nint handle);
            if (code == NvmlReturn.Success && library.IsMigDevice(handle))
            {
                isPart = true;
                code = library.ParentOfMigDevice(handle, out handle);
            }

            if (code == NvmlReturn.Success)
            {
                return new NvmlDevice(library, handle, $"UUID {uuid}", isPart);
            }

            whyNot = Failure(library, code, $"{ByUuid} for {uuid}");
        }

        if (description.PciBusId is string place)
        {
            NvmlReturn code = library.HandleByPciBusId(place, out nint handle);
            if (code == NvmlReturn.Success)
            {
                return IsAnother(library, handle, description, out whyNot)
                    ? null
                    : new NvmlDevice(library, handle, $"PCI bus id {place}", isPart);
            }

            whyNot = Failure(library, code, $"{ByPciBusId} for {place}");
        }

        return null;
    }

    /// <summary>A reading of a call's result, or why there is none.</summary>
    public Reading<T> Read<T>(NvmlReturn code, string asked, T value) =>
        code == NvmlReturn.Success ? Reading.Of(value) : Unavailable<T>(code, asked);

    /// <summary>A reading that was refused.</summary>
    public Reading<T> Unavailable<T>(NvmlReturn code, string asked) =>
        Reading.Unavailable<T>(NvmlReasons.Code(code), NvmlReasons.Sentence(code, asked, Library.ErrorString(code)));

    private static Reading<string> Failure(NvmlLibrary library, NvmlReturn code, string asked) =>
        Reading.Unavailable<string>(
            NvmlReasons.Code(code),
            NvmlReasons.Sentence(code, asked, library.ErrorString(code))
        );

    /// <summary>Whether the device at the place is not the one that was asked for: parts of GPUs have identities of their own.</summary>
    private static bool IsAnother(
        NvmlLibrary library,
        nint handle,
        DeviceDescription description,
        out Reading<string> whyNot
    )
    {
        whyNot = default;
        if (
            description.Uuid is not string wanted
            || IsPartUuid(wanted)
            || library.Uuid(handle, out string found) != NvmlReturn.Success
            || string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase)
        )
        {
            return false;
        }

        whyNot = Reading.Unavailable<string>(
            "nvml.otherDevice",
            $"At PCI bus id {description.PciBusId} NVML has {found} where CUDA has {wanted}: its figures would be another GPU's; check both with nvidia-smi -L."
        );
        return true;
    }

    private static bool IsPartUuid(string? uuid) => uuid?.StartsWith("MIG-", StringComparison.Ordinal) == true;
}
