# Each is told once, with what to write instead.
[Foo.Bar]::Mode = [Foo.Mode]::Fast
[Console]::WriteLine('done')
[System.Net.Dns]::Timeout = 5
