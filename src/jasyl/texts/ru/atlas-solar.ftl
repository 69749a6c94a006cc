refusal-weather-field-missing = В погодных данных нет поля { $expected }; есть { $received }.
    .mend = Преобразуйте их заново из файла с этими полями или запросите то, что считается без них.
refusal-weather-span-empty = В погодных данных нет ничего за { $received }; они охватывают { $expected }.
    .mend = Выберите время внутри этого промежутка или преобразуйте больше лет.
refusal-cluster-unreachable = По адресу { $received } не отвечает планировщик Dask ({ $reason }).
    .mend = Запустите его (dask scheduler, dask worker) и укажите адрес или не указывайте адреса: расчёт пойдёт на этой машине.
