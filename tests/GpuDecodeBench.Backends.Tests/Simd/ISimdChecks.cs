namespace GpuDecodeBench.Backends.Tests.Simd;

/// <summary>What every SIMD path must do; the names say it.</summary>
internal interface ISimdChecks
{
    void ALineIsAWholeNumberOfRegisters();

    void LoadsAndStoresKeepEveryLaneInItsPlaceAndTouchNothingBeyond();

    void ArithmeticIsThatOfEachLane();

    void BitsAndIntegersAreThoseOfEachLane();

    void TablesGiveEveryEntryWhateverTheOtherBitsOfAnIndexAre();

    void EveryReadKernelReadsEveryByteOnce();

    void ThePeakKernelDoesEveryMultiplyAddThatItCounts();
}
