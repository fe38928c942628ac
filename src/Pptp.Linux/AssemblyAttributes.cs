using System.Runtime.CompilerServices;

// Everything that crosses to C is blittable; nothing is converted behind our back.
[assembly: DisableRuntimeMarshalling]
