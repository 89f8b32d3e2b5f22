// What the language needs and netstandard2.0 does not have.
#pragma warning disable MA0048

namespace System.Runtime.CompilerServices
{
    // For records.
    internal static class IsExternalInit;
}

namespace System
{
    // For list patterns.
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        public int GetOffset(int length) => fromEnd ? length - value : value;
    }
}
